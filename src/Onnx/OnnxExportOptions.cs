using KerasCompat.Runtime;

namespace KerasCompat.Onnx;

/// <summary>How a graph is written as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The oldest operator set that is written.</summary>
    public const int OldestOpset = 13;

    /// <summary>The newest operator set that is written.</summary>
    public const int NewestOpset = 26;

    /// <summary>The operator set written unless told: read by all runtimes of the last years.</summary>
    public const int DefaultOpset = 18;

    /// <summary>The operator set; null for <see cref="DefaultOpset"/>, or a newer one where an operator asks for it.</summary>
    public int? Opset { get; init; }

    /// <summary>The graph's name.</summary>
    public string Name { get; init; } = "model";

    /// <summary>Names of the outputs, in order; made up where there are none.</summary>
    public IReadOnlyList<string> OutputNames { get; init; } = [];

    /// <summary>The type in which weights of float32 are stored; float16 halves the file, and the numbers are those of rounded weights.</summary>
    public DType WeightType { get; init; } = DType.Float32;

    /// <summary>Sizes given once and for all, by the name of their symbol: <c>batch</c>.</summary>
    public IReadOnlyDictionary<string, int> FixedSizes { get; init; } = new Dictionary<string, int>();

    /// <summary>Whether inputs of rank 4, images with the channels last, are taken with the channels first.</summary>
    public bool ChannelsFirstInputs { get; init; }

    /// <summary>What the model says about its origin, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Stops an export that is no longer wanted: asked before each operator.</summary>
    public CancellationToken CancellationToken { get; init; }
}
