namespace KerasCompat.Runtime;

/// <summary>Where in the data the slices lie that the last axis of an index tensor names, for GatherND and ScatterND.</summary>
internal sealed class TupleIndices
{
    private readonly int[] _sizes;
    private readonly int[] _strides;

    /// <param name="data">The data's shape.</param>
    /// <param name="indices">The indices' shape; the last axis is one tuple.</param>
    /// <param name="batchDims">Leading axes that both share.</param>
    /// <exception cref="ArgumentException">The leading axes differ.</exception>
    public TupleIndices(Shape data, Shape indices, int batchDims)
    {
        if (!data.Take(batchDims).SequenceEqual(indices.Take(batchDims)))
        {
            throw new ArgumentException($"Data {data} and indices {indices} differ in their first {batchDims} axes.");
        }

        Depth = indices[-1];
        int[] strides = data.Strides();
        _sizes = [.. data.Skip(batchDims).Take(Depth)];
        _strides = strides[batchDims..(batchDims + Depth)];
        Count = indices.Product(0, indices.Rank - 1);
        Slice = data.Product(batchDims + Depth, data.Rank);
        PerBatch = Math.Max(indices.Product(batchDims, indices.Rank - 1), 1);
        BatchStride = data.Product(batchDims, data.Rank);
    }

    /// <summary>Integers of a tuple.</summary>
    public int Depth { get; }

    /// <summary>Number of tuples.</summary>
    public int Count { get; }

    /// <summary>Elements of a slice.</summary>
    public int Slice { get; }

    /// <summary>Tuples that share the leading axes.</summary>
    public int PerBatch { get; }

    /// <summary>Elements of the data behind the leading axes.</summary>
    public int BatchStride { get; }

    /// <summary>The offset in the data of the slice that a tuple names.</summary>
    public int Offset(ReadOnlySpan<long> indices, int tuple)
    {
        int offset = tuple / PerBatch * BatchStride;
        for (int i = 0; i < Depth; i++)
        {
            offset += IndexRules.Resolve(indices[(tuple * Depth) + i], _sizes[i]) * _strides[i];
        }

        return offset;
    }
}
