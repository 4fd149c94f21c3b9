using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>Weights of one number for each feature of an input, fewer along <c>shared_axes</c>.</summary>
internal sealed class ElementWeights
{
    private readonly int[] _sharedAxes;

    private ElementWeights(int[] sharedAxes) => _sharedAxes = sharedAxes;

    /// <summary>Reads <c>shared_axes</c>, counted from 1, the batch axis left out.</summary>
    public static ElementWeights Read(LayerConfig config) => new(config.Token("shared_axes") switch
    {
        null => [],
        JValue { Value: long axis } => [(int)axis],
        JArray axes when axes.All(a => a.Type == JTokenType.Integer) => [.. axes.Select(a => (int)a)],
        var other => throw config.Wrong("shared_axes", other, "axes, counted from 1"),
    });

    /// <summary>The shape of such a weight: the input's without the batch axis, with 1 on the shared axes.</summary>
    public int[] Shape(SymbolicShape input, Func<Dim, string, int> known) =>
        [.. input.Skip(1).Select((d, i) => _sharedAxes.Contains(i + 1) ? 1 : known(d, $"axis {i + 1}"))];
}
