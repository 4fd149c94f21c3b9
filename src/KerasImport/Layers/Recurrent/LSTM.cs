namespace KerasCompat.Layers;

/// <summary>A long short-term memory along the time axis; the formula stands at <see cref="LSTMCell"/>, the handling of time, states and masks at <see cref="RecurrentLayer"/>.</summary>
/// <remarks>Config: the keys of both. Weights: those of the cell, which files call <c>lstm_cell</c>.</remarks>
internal sealed class LSTM(LayerConfig config) : RecurrentLayer(config, new LSTMCell(config.For("LSTMCell", "lstm_cell")));
