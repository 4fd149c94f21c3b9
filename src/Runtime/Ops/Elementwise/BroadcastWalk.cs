namespace KerasCompat.Runtime;

/// <summary>The way through several inputs that broadcast to one result, row by row of the result.</summary>
/// <remarks>
/// Neighbouring axes along which each input either advances or repeats in the same way are taken as one. The innermost is
/// the row: each input has stride 1 or 0 along it. An odometer walks the other axes.
/// </remarks>
internal sealed class BroadcastWalk
{
    private readonly int _inputs;
    private readonly int[] _sizes;
    private readonly int[] _strides;

    /// <exception cref="ArgumentException">An input's size is neither 1 nor the result's.</exception>
    public BroadcastWalk(Shape result, params ReadOnlySpan<Shape> inputs)
    {
        _inputs = inputs.Length;
        var sizes = new List<int>();
        var strides = new List<int[]>();
        int[] step = [.. inputs.ToArray().Select(s => s.ElementCount)];
        for (int axis = 0; axis < result.Rank; axis++)
        {
            var stride = new int[inputs.Length];
            for (int i = 0; i < inputs.Length; i++)
            {
                int own = axis - (result.Rank - inputs[i].Rank);
                int size = own >= 0 ? inputs[i][own] : 1;
                if (size != 1 && size != result[axis])
                {
                    throw new ArgumentException($"Shape {inputs[i]} does not broadcast to {result}.");
                }

                step[i] /= Math.Max(size, 1);
                stride[i] = size == 1 ? 0 : step[i];
            }

            if (result[axis] == 1)
            {
                continue;
            }

            if (sizes.Count > 0 && strides[^1].AsSpan().SequenceEqual([.. stride.Select(s => s * result[axis])]))
            {
                sizes[^1] *= result[axis];
                strides[^1] = stride;
            }
            else
            {
                sizes.Add(result[axis]);
                strides.Add(stride);
            }
        }

        if (sizes.Count == 0)
        {
            sizes.Add(1);
            strides.Add(new int[inputs.Length]);
        }

        _sizes = [.. sizes];
        _strides = [.. strides.SelectMany(s => s)];
    }

    /// <summary>Number of axes around the rows.</summary>
    public int OuterRank => _sizes.Length - 1;

    /// <summary>Elements of a row.</summary>
    public int InnerSize => _sizes[^1];

    /// <summary>Whether an input advances along a row (1) or repeats one element (0).</summary>
    public int InnerStride(int input) => _strides[^(_inputs - input)];

    /// <summary>Elements along an axis, the rows' axis being the last.</summary>
    public int Size(int axis) => _sizes[axis];

    /// <summary>How far an input advances along an axis.</summary>
    public int Stride(int axis, int input) => _strides[(axis * _inputs) + input];

    /// <summary>Goes on to the next row.</summary>
    /// <param name="at">The place along each outer axis; zeros at the beginning.</param>
    /// <param name="offsets">Where the row begins in each input; zeros at the beginning.</param>
    public void Next(Span<int> at, Span<int> offsets)
    {
        for (int axis = at.Length - 1; axis >= 0; axis--)
        {
            Span<int> stride = _strides.AsSpan(axis * _inputs, _inputs);
            for (int i = 0; i < stride.Length; i++)
            {
                offsets[i] += stride[i];
            }

            if (++at[axis] < _sizes[axis])
            {
                return;
            }

            for (int i = 0; i < stride.Length; i++)
            {
                offsets[i] -= stride[i] * at[axis];
            }

            at[axis] = 0;
        }
    }
}
