using KerasCompat.Layers;
using KerasCompat.Runtime;

namespace KerasCompat.Verification;

/// <summary>How far what layers give is from what Keras computed, as far as vectors hold it.</summary>
/// <remarks>
/// Vectors hold what the layers of a model give, not those of the models nested in it. A layer inside one is known all the same where it gives
/// what the nested model gives: both are one value of the graph.
/// </remarks>
internal sealed class LayerDifferences
{
    private readonly Dictionary<LayerOutput, ArrayComparison> _own = [];
    private readonly Dictionary<Value, ArrayComparison> _byValue = [];

    public LayerDifferences(IEnumerable<(LayerOutput Output, ArrayComparison? Difference)> compared)
    {
        foreach ((LayerOutput output, ArrayComparison? difference) in compared)
        {
            if (difference is not null)
            {
                _own[output] = difference;
                _byValue.TryAdd(output.Tensor.Value, difference);
            }
        }
    }

    /// <summary>The difference at an output of a layer, at any depth; null where the vectors do not tell.</summary>
    public ArrayComparison? Of(LayerOutput output) => _own.GetValueOrDefault(output) ?? _byValue.GetValueOrDefault(output.Tensor.Value);
}
