namespace KerasCompat.Layers;

/// <summary>Any cell along the time axis; see <see cref="RecurrentLayer"/>.</summary>
/// <remarks>Config: <c>cell</c>, a layer object of a <see cref="RecurrentCell"/>, and the keys of RecurrentLayer. Weights: the cell's.</remarks>
internal sealed class RNN(LayerConfig config) : RecurrentLayer(config, CellOf(config))
{
    private static RecurrentCell CellOf(LayerConfig config) => config.Layer("cell") is var layer && layer is RecurrentCell cell
        ? cell
        : throw new UnsupportedModelException($"{config.Place}.cell", $"cell class {layer.ClassName}", "a recurrent cell", "bind your cell's class to a class derived from RecurrentCell");
}
