using KerasCompat.Layers;
using KerasCompat.Runtime;

namespace KerasCompat;

public sealed partial class KerasModel
{
    private const int TextsOfABatch = 1024;

    /// <summary>Keras's <c>model.get_layer(layer).adapt(data)</c>: a lookup takes its vocabulary from data, a Normalization mean and variance, a Discretization its boundaries.</summary>
    /// <remarks>What was learnt before is replaced. The model's graph is built anew; nobody may predict meanwhile.</remarks>
    /// <param name="layer">The layer's name: a StringLookup, IntegerLookup, TextVectorization, Normalization or Discretization.</param>
    /// <param name="data">All the data, as the layer takes them: <c>(samples, …)</c>. To lookups a vector is as many documents.</param>
    /// <exception cref="KeyNotFoundException">The model has no such layer.</exception>
    /// <exception cref="InvalidOperationException">The layer does not learn from data, or was made with what it would learn.</exception>
    /// <exception cref="ArgumentException">The data do not fit, or are none.</exception>
    /// <exception cref="ModelFormatException">Later layers were built for another width; the model stays as it was.</exception>
    public void Adapt(string layer, Tensor data) => Adapt(layer, [data]);

    /// <inheritdoc cref="Adapt(string, Tensor)"/>
    /// <param name="layer">The layer's name.</param>
    /// <param name="texts">The texts, each a document; they are read once.</param>
    public void Adapt(string layer, IEnumerable<string> texts) => Adapt(layer, texts.Chunk(TextsOfABatch).Select(t => (Tensor)Tensor.From(t, t.Length, 1)));

    /// <inheritdoc cref="Adapt(string, Tensor)"/>
    /// <param name="layer">The layer's name.</param>
    /// <param name="batches">The data batch by batch, read once. Boundaries hang on how they are cut: tf.keras cuts arrays into batches of 32 rows, Keras 3 not at all.</param>
    public void Adapt(string layer, IEnumerable<Tensor> batches)
    {
        Layer owner = Layers[layer];
        IAdaptiveLayer adaptive = Adaptive(owner);
        object? before = adaptive.State;
        adaptive.State = adaptive.Learn(batches);
        try
        {
            (Graph, _) = ModelLoader.LowerAgain(_network);
        }
        catch
        {
            adaptive.State = before;
            (Graph, _) = ModelLoader.LowerAgain(_network);
            throw;
        }
        finally
        {
            WeightsChanged();
        }
    }

    /// <exception cref="InvalidOperationException">The layer does not learn from data.</exception>
    internal static IAdaptiveLayer Adaptive(Layer layer) => layer as IAdaptiveLayer ?? throw new InvalidOperationException(
        $"{layer.Config.Place} does not learn from data; StringLookup, IntegerLookup, TextVectorization, Normalization and Discretization do");
}
