namespace KerasCompat;

/// <summary>What a file may make this library allocate or walk through. Checked before every allocation.</summary>
public sealed record ReadLimits
{
    /// <summary>The limits that apply unless told otherwise.</summary>
    public static ReadLimits Default { get; } = new();

    /// <summary>The largest single array, in bytes. 8 GiB unless told otherwise.</summary>
    public long MaxArrayBytes { get; init; } = 8L << 30;

    /// <summary>The sum of all arrays read from one file, in bytes. 64 GiB unless told otherwise.</summary>
    public long MaxTotalBytes { get; init; } = 64L << 30;

    /// <summary>The largest piece of metadata (a header, a heap), in bytes. 256 MiB unless told otherwise.</summary>
    public long MaxMetadataBytes { get; init; } = 256L << 20;

    /// <summary>The longest JSON or YAML text, in bytes; its tree takes some 20 times as much. 64 MiB unless told otherwise.</summary>
    public long MaxTextBytes { get; init; } = 64L << 20;

    /// <summary>The largest ratio of inflated to stored bytes before a compressed member counts as a bomb.</summary>
    public long MaxInflationRatio { get; init; } = 2048;

    /// <summary>The deepest nesting of groups, JSON values or models.</summary>
    public int MaxDepth { get; init; } = 256;

    /// <summary>The largest number of calls of layers and of operators that a model unfolds to: a few models in models, each called twice, make millions. 50 000 unless told otherwise.</summary>
    public int MaxOperators { get; init; } = 50_000;

    /// <summary>The largest number of objects (groups, datasets, attributes, layers, zip members) in one file.</summary>
    public int MaxObjects { get; init; } = 1_000_000;

    /// <summary>Stops a read that is no longer wanted, or that takes too long: asked before each object, chunk, member and array.</summary>
    public CancellationToken CancellationToken { get; init; }
}
