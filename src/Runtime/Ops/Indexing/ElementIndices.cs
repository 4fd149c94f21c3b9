namespace KerasCompat.Runtime;

/// <summary>Which element of the data each element of an index tensor means, for GatherElements and ScatterElements.</summary>
internal sealed class ElementIndices
{
    private readonly int _axis;
    private readonly int[] _sizes;
    private readonly int[] _strides;
    private readonly int _axisSize;

    /// <exception cref="ArgumentException">The indices reach beyond the data along an axis that they do not index.</exception>
    public ElementIndices(Shape data, Shape indices, int axis)
    {
        _axis = axis < 0 ? axis + data.Rank : axis;
        _sizes = [.. indices.Dims];
        _strides = data.Strides();
        _axisSize = data[_axis];
        for (int i = 0; i < data.Rank; i++)
        {
            if (i != _axis && indices[i] > data[i])
            {
                throw new ArgumentException($"Indices of shape {indices} reach beyond {data}.");
            }
        }
    }

    /// <summary>Number of axes.</summary>
    public int Rank => _sizes.Length;

    /// <summary>The offset in the data of the index tensor's next element, in order.</summary>
    /// <param name="index">The element.</param>
    /// <param name="at">Its place along each axis; zeros for the first; becomes the next one's.</param>
    public int Next(long index, Span<int> at)
    {
        int offset = IndexRules.Resolve(index, _axisSize) * _strides[_axis];
        for (int i = 0; i < at.Length; i++)
        {
            offset += i == _axis ? 0 : at[i] * _strides[i];
        }

        for (int i = at.Length - 1; i >= 0 && ++at[i] == _sizes[i]; i--)
        {
            at[i] = 0;
        }

        return offset;
    }
}
