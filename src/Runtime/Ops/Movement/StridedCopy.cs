namespace KerasCompat.Runtime;

/// <summary>
/// <c>y[i₀, i₁, …] = x[offset + Σ iₖ·strideₖ]</c> with y written from its first element to its last: the one loop behind
/// Transpose, Slice, Expand, Tile and others, which differ only in their strides.
/// </summary>
/// <remarks>
/// Neighbouring axes that advance like one are taken as one. If the last axis does not go through x one by one but another
/// does, those two are walked in blocks, so that both sides use each cache line while it is there.
/// </remarks>
internal sealed class StridedCopy
{
    /// <summary>Elements along each side of a block: 16 floats are one cache line.</summary>
    private const int Block = 16;

    private readonly int _offset;
    private readonly Axis[] _outer;
    private readonly Axis _inner;
    private readonly Axis? _crossing;
    private readonly int _length;

    /// <param name="offset">Where the first element lies in x.</param>
    /// <param name="sizes">The sizes of y, seen with as many axes as the copy needs.</param>
    /// <param name="strides">How far x advances along each.</param>
    public StridedCopy(int offset, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides)
    {
        _offset = offset;
        _length = 1;
        var axes = new List<Axis>();
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            int stride = strides[i], step = _length;
            _length *= sizes[i];
            if (sizes[i] == 1)
            {
                continue;
            }

            // The axis before advances as one with this one where it goes on at this one's end.
            if (axes.Count > 0 && stride == axes[^1].Stride * axes[^1].Size)
            {
                axes[^1] = axes[^1] with { Size = axes[^1].Size * sizes[i] };
            }
            else
            {
                axes.Add(new Axis(sizes[i], stride, step));
            }
        }

        axes.Reverse();
        Axes = [.. axes.Select(a => (a.Size, a.Stride))];
        _inner = axes.Count == 0 ? new Axis(1, 1, 1) : axes[^1];
        _outer = axes.Count == 0 ? [] : [.. axes[..^1]];
        int crossing = Array.FindIndex(_outer, a => a.Stride == 1);
        if (crossing >= 0 && _inner.Stride is not (0 or 1))
        {
            _crossing = _outer[crossing];
            _outer = [.. _outer[..crossing], .. _outer[(crossing + 1)..]];
        }
    }

    /// <summary>Where the copy begins in the source.</summary>
    public int Offset => _offset;

    /// <summary>Sizes of the result's axes and the source's strides along them; axes that continue each other are one.</summary>
    public IReadOnlyList<(int Size, int Stride)> Axes { get; }

    public void Run<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        if (_length == 0)
        {
            return;
        }

        Span<int> at = stackalloc int[_outer.Length];
        at.Clear();
        int from = _offset, to = 0;
        while (true)
        {
            if (_crossing is { } crossing)
            {
                Cross(x, from, y, to, crossing, _inner);
            }
            else
            {
                Row(x, from, y.Slice(to, _inner.Size), _inner.Stride);
            }

            int axis = _outer.Length - 1;
            for (; axis >= 0; axis--)
            {
                Axis a = _outer[axis];
                from += a.Stride;
                to += a.Step;
                if (++at[axis] < a.Size)
                {
                    break;
                }

                from -= a.Stride * a.Size;
                to -= a.Step * a.Size;
                at[axis] = 0;
            }

            if (axis < 0)
            {
                return;
            }
        }
    }

    private static void Row<T>(ReadOnlySpan<T> x, int from, Span<T> row, int stride)
    {
        switch (stride)
        {
            case 1:
                x.Slice(from, row.Length).CopyTo(row);
                break;
            case 0:
                row.Fill(x[from]);
                break;
            default:
                for (int i = 0; i < row.Length; i++, from += stride)
                {
                    row[i] = x[from];
                }

                break;
        }
    }

    private static void Cross<T>(ReadOnlySpan<T> x, int from, Span<T> y, int to, Axis crossing, Axis inner)
    {
        for (int i = 0; i < crossing.Size; i += Block)
        {
            int endI = Math.Min(i + Block, crossing.Size);
            for (int j = 0; j < inner.Size; j += Block)
            {
                int endJ = Math.Min(j + Block, inner.Size);
                for (int row = i; row < endI; row++)
                {
                    int source = from + row + (j * inner.Stride);
                    Span<T> target = y.Slice(to + (row * crossing.Step) + j, endJ - j);
                    for (int k = 0; k < target.Length; k++, source += inner.Stride)
                    {
                        target[k] = x[source];
                    }
                }
            }
        }
    }

    /// <param name="Size">Elements along the axis.</param>
    /// <param name="Stride">How far x advances.</param>
    /// <param name="Step">How far y advances.</param>
    private readonly record struct Axis(int Size, int Stride, int Step);
}
