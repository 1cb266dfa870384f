package io.lepton.tf;

/**
 * How far variables moved.
 *
 * @param finite whether every variable moved by a finite number
 * @param squared sum of squares over the weights that gradients move
 */
public record DeltaNorm(boolean finite, double squared) {}
