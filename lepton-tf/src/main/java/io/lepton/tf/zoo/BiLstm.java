package io.lepton.tf.zoo;

import io.lepton.tf.model.Node;
import io.lepton.tf.model.RecurrentLayer;
import java.util.List;

/**
 * An LSTM in both directions over one text or sequence (Graves and Schmidhuber, 2005), its last
 * states side by side, and a dense layer. Steps that are not there are passed over.
 *
 * @param embedding elements of a word's vector
 * @param units of each direction
 * @param dropout before the LSTM and before the dense layer
 */
public record BiLstm(int embedding, int units, double dropout) implements Architecture {
  public static final String NAME = "bi-lstm";
  public static final BiLstm DEFAULT = new BiLstm(64, 64, 0.3);

  public BiLstm {
    Options.requirePositive("embedding", embedding);
    Options.requirePositive("units", units);
    Options.requireFraction("dropout", dropout);
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    Blueprint blueprint = new Blueprint(NAME);
    Steps steps = Steps.of(new Inputs(NAME, inputs), embedding, blueprint);
    String states =
        blueprint.add(
            new RecurrentLayer.Bidirectional(
                RecurrentLayer.Cell.LSTM, units, false, RecurrentLayer.Merge.CONCAT),
            blueprint.dropout(dropout, steps.vectors()),
            steps.mask());
    blueprint.output(output, blueprint.dropout(dropout, states));
    return blueprint.nodes();
  }
}
