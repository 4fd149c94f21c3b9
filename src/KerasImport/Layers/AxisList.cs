using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The key <c>axis</c> where it is an integer or a list of integers.</summary>
internal sealed class AxisList
{
    private readonly int[] _axes;

    private AxisList(int[] axes) => _axes = axes;

    /// <summary>Reads the key; the last axis where it is absent.</summary>
    public static AxisList Read(LayerConfig config) => new(config.Token("axis") switch
    {
        null => [-1],
        JValue { Value: long axis } => [(int)axis],
        JArray axes when axes.Count > 0 && axes.All(a => a.Type == JTokenType.Integer) => [.. axes.Select(a => (int)a)],
        var other => throw config.Wrong("axis", other, "an axis or a list of axes"),
    });

    /// <summary>The axes of a value of the given rank, counted from 0, ascending.</summary>
    public int[] Of(int rank) => [.. AsWritten(rank).Order()];

    /// <summary>The axes of a value of the given rank, counted from 0, in the order of the config.</summary>
    public IEnumerable<int> AsWritten(int rank) => _axes.Select(a => a < 0 ? a + rank : a);
}
