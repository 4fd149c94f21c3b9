namespace KerasCompat.Layers;

/// <summary>A gated recurrent unit along the time axis; the formula stands at <see cref="GRUCell"/>, the handling of time, states and masks at <see cref="RecurrentLayer"/>.</summary>
/// <remarks>Config: the keys of both. Weights: those of the cell, which files call <c>gru_cell</c>.</remarks>
internal sealed class GRU(LayerConfig config) : RecurrentLayer(config, new GRUCell(config.For("GRUCell", "gru_cell")));
