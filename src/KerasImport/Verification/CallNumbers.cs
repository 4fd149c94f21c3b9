namespace KerasCompat.Verification;

/// <summary>The numbers by which vectors tell the calls of a layer.</summary>
/// <remarks>
/// Keras counts a layer's calls for as long as the layer lives. Those that belong to no call of this model count too: of a Sequential before it
/// was built anew, of another model that shares the layer, and in Keras 1 and 2 a nested model's own making. A file counts the calls of its
/// model alone, in the same order, so that the calls are paired by their rank.
/// </remarks>
internal sealed class CallNumbers
{
    private readonly Dictionary<string, int[]> _held;
    private readonly Dictionary<string, int[]> _calls;

    public CallNumbers(IReadOnlyList<LayerActivation> activations, VectorsCall call)
    {
        _held = ByLayer([.. call.Layers.Select(l => (l.Name, l.Node)), .. call.LayerStatistics.Select(l => (l.Name, l.Node))]);
        _calls = ByLayer(activations.Select(a => (a.Layer, a.Node)));
    }

    /// <summary>The number that a call has in the vectors; null where they do not hold it, or hold more or fewer calls of the layer, so that none can be told to be this one.</summary>
    public int? InVectors(LayerActivation activation)
    {
        int[] calls = _calls[activation.Layer];
        return _held.TryGetValue(activation.Layer, out int[]? numbers) && numbers.Length == calls.Length ? numbers[Array.IndexOf(calls, activation.Node)] : null;
    }

    private static Dictionary<string, int[]> ByLayer(IEnumerable<(string Layer, int Node)> calls) =>
        calls.Distinct().GroupBy(c => c.Layer, c => c.Node, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Order().ToArray(), StringComparer.Ordinal);
}
