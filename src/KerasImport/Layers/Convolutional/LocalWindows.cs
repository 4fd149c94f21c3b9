using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Which inputs each output of a locally connected layer sees.</summary>
/// <remarks>
/// Under <c>same</c> a window of a stored matrix lies around its place times the stride, k / 2 before it: not where a convolution's
/// window lies. Keras's <c>conv_utils.conv_connected_inputs</c>.
/// </remarks>
internal sealed class LocalWindows
{
    private readonly int[] _input;
    private readonly int _channels;
    private readonly int _filters;
    private readonly int[] _size;
    private readonly int[] _strides;
    private readonly bool _same;
    private readonly bool _channelsFirst;

    public LocalWindows(int[] input, int channels, int filters, int[] size, int[] strides, bool same, bool channelsFirst)
    {
        (_input, _channels, _filters, _size, _strides, _same, _channelsFirst) = (input, channels, filters, size, strides, same, channelsFirst);
        Output = [.. input.Select((n, i) => same ? (n + strides[i] - 1) / strides[i] : ((n - size[i]) / strides[i]) + 1)];
    }

    /// <summary>Windows along each axis.</summary>
    public int[] Output { get; }

    /// <summary>All windows.</summary>
    public int Count => Output.Aggregate(1, (a, b) => a * b);

    /// <summary>Places of a window.</summary>
    public int Size => _size.Aggregate(1, (a, b) => a * b);

    /// <summary>The input's axes without the batch.</summary>
    public int[] InputShape => _channelsFirst ? [_channels, .. _input] : [.. _input, _channels];

    /// <summary>The output's axes without the batch.</summary>
    public int[] OutputShape => _channelsFirst ? [_filters, .. Output] : [.. Output, _filters];

    /// <summary>Number of inputs.</summary>
    public int InputLength => InputShape.Aggregate(1, (a, b) => a * b);

    /// <summary>Number of outputs.</summary>
    public int OutputLength => OutputShape.Aggregate(1, (a, b) => a * b);

    /// <summary>1 where an input (row) is seen by an output (column).</summary>
    public Tensor Mask()
    {
        var mask = new float[checked(InputLength * OutputLength)];
        foreach ((int output, int input) in Pairs())
        {
            mask[(input * OutputLength) + output] = 1;
        }

        return Tensor.From(mask, InputLength, OutputLength);
    }

    /// <summary>The pairs as a tensor of (output, input).</summary>
    public Tensor Indices()
    {
        IReadOnlyList<(int Output, int Input)> pairs = Pairs();
        return Tensor.From([.. pairs.SelectMany(p => new long[] { p.Output, p.Input })], pairs.Count, 2);
    }

    /// <summary>Every output with each of its inputs, ascending.</summary>
    public IReadOnlyList<(int Output, int Input)> Pairs()
    {
        var pairs = new List<(int, int)>();
        for (int window = 0; window < Count; window++)
        {
            foreach (int place in Places(window))
            {
                for (int c = 0; c < _channels; c++)
                {
                    for (int f = 0; f < _filters; f++)
                    {
                        pairs.Add((
                            _channelsFirst ? (f * Count) + window : (window * _filters) + f,
                            _channelsFirst ? (c * (InputLength / _channels)) + place : (place * _channels) + c));
                    }
                }
            }
        }

        pairs.Sort();
        return pairs;
    }

    /// <summary>The places of the input, flat, that a window sees.</summary>
    private IEnumerable<int> Places(int window)
    {
        IEnumerable<int> places = [0];
        for (int axis = 0, inside = Count; axis < _input.Length; axis++)
        {
            inside /= Output[axis];
            int before = _size[axis] / 2, center = (window / inside % Output[axis] * _strides[axis]) + (_same ? 0 : before);
            int start = Math.Max(0, center - before), end = Math.Min(_input[axis], center + _size[axis] - before), size = _input[axis];
            places = places.SelectMany(outer => Enumerable.Range(start, end - start).Select(step => (outer * size) + step));
        }

        return places;
    }
}
