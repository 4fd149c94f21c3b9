using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>An element type as Keras promotes it: Python's numbers are weak and give way to a tensor's type of their kind.</summary>
/// <param name="Type">The type.</param>
/// <param name="IsWeak">True for a Python <c>int</c> or <c>float</c>.</param>
internal readonly record struct KerasType(DType Type, bool IsWeak = false)
{
    /// <summary>Python's int.</summary>
    public static KerasType Int { get; } = new(DType.Int32, true);

    /// <summary>Python's float.</summary>
    public static KerasType Float { get; } = new(DType.Float32, true);

    /// <summary>A tensor's type.</summary>
    public static implicit operator KerasType(DType type) => new(type);
}

/// <summary>
/// The type two types meet in: the least type above both in the lattice of <c>keras.src.backend.common.dtypes</c>, which is JAX's. int32
/// with float32 gives float32, int64 with float16 float16, float16 with bfloat16 float32.
/// </summary>
internal static class TypePromotion
{
    /// <summary>What stands directly above each type.</summary>
    private static readonly Dictionary<KerasType, KerasType[]> Above = new()
    {
        [DType.Bool] = [KerasType.Int],
        [DType.UInt8] = [DType.Int16, DType.UInt16],
        [DType.UInt16] = [DType.Int32, DType.UInt32],
        [DType.UInt32] = [DType.Int64, DType.UInt64],
        [DType.UInt64] = [KerasType.Float],
        [KerasType.Int] = [DType.UInt8, DType.Int8],
        [DType.Int8] = [DType.Int16],
        [DType.Int16] = [DType.Int32],
        [DType.Int32] = [DType.Int64],
        [DType.Int64] = [KerasType.Float],
        [KerasType.Float] = [DType.BFloat16, DType.Float16],
        [DType.BFloat16] = [DType.Float32],
        [DType.Float16] = [DType.Float32],
        [DType.Float32] = [DType.Float64],
        [DType.Float64] = [],
    };

    private static readonly Dictionary<KerasType, HashSet<KerasType>> Bounds = Above.Keys.ToDictionary(t => t, Reach);

    /// <summary>The type that values of several types are computed in together.</summary>
    public static DType Result(params IEnumerable<KerasType> types)
    {
        KerasType[] distinct = [.. types.Distinct()];
        if (distinct.Any(t => t.Type == DType.String))
        {
            return DType.String;
        }

        HashSet<KerasType> common = [.. Bounds[distinct[0]]];
        foreach (KerasType type in distinct.Skip(1))
        {
            common.IntersectWith(Bounds[type]);
        }

        // Of the common bounds the least is the one below all others.
        DType least = common.First(c => common.IsSubsetOf(Bounds[c])).Type;
        return least == DType.UInt64 ? DType.UInt32 : least;
    }

    private static HashSet<KerasType> Reach(KerasType type)
    {
        var reached = new HashSet<KerasType> { type };
        foreach (KerasType next in Above[type])
        {
            reached.UnionWith(Reach(next));
        }

        return reached;
    }
}
