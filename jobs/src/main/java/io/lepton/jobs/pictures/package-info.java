/** Pictures of an evaluation, drawn by XChart: PNG to look at, SVG to print. */
package io.lepton.jobs.pictures;
