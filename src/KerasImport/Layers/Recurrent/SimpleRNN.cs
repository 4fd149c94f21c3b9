namespace KerasCompat.Layers;

/// <summary>A simple recurrent net along the time axis; the formula stands at <see cref="SimpleRNNCell"/>, the handling of time, states and masks at <see cref="RecurrentLayer"/>.</summary>
/// <remarks>Config: the keys of both. Weights: those of the cell, which files call <c>simple_rnn_cell</c>.</remarks>
internal sealed class SimpleRNN(LayerConfig config) : RecurrentLayer(config, new SimpleRNNCell(config.For("SimpleRNNCell", "simple_rnn_cell")));
