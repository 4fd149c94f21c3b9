using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Every operation class, by its name.</summary>
internal static class OperationTable
{
    public static IReadOnlyDictionary<string, Func<OperationCall, Structure>> Operations { get; } = new Dictionary<string, Func<OperationCall, Structure>>(StringComparer.Ordinal)
    {
    };
}

/// <summary>One call of an operation: its arguments, and the parameters that its constructor took.</summary>
/// <param name="Call">The arguments.</param>
/// <param name="Config">The parameters.</param>
internal sealed record OperationCall(LayerCall Call, LayerConfig Config)
{
    public GraphBuilder Graph => Call.Graph;
}
