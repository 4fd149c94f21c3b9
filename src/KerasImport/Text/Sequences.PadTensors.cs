using KerasCompat.Runtime;

namespace KerasCompat.Text;

public static partial class Sequences
{
    /// <summary>Keras's <c>pad_sequences</c> for sequences of samples: each tensor's first axis is time, the others are the sample's.</summary>
    /// <param name="sequences">The sequences, each of shape <c>(time, …sample)</c>, of numbers of any type.</param>
    /// <param name="maxLength">The length of the rows; the longest sequence's where it is null. Keras's <c>maxlen</c>.</param>
    /// <param name="dtype">The result's type; fractions are cut off where it is an integer type.</param>
    /// <param name="padding">Where short sequences are filled up.</param>
    /// <param name="truncating">Where long sequences lose elements.</param>
    /// <param name="value">What they are filled up with.</param>
    /// <returns>Shape <c>(sequences, length, …sample)</c>.</returns>
    /// <exception cref="ArgumentException">Samples differ in shape, or the length is impossible.</exception>
    /// <exception cref="OverflowException">An integer does not fit the type (numpy 2 refuses it, older ones wrapped it round).</exception>
    public static Tensor PadSequences(
        IReadOnlyList<Tensor> sequences,
        int? maxLength = null,
        DType dtype = DType.Int32,
        PadSide padding = PadSide.Pre,
        PadSide truncating = PadSide.Pre,
        double value = 0)
    {
        int length = LengthOf([.. sequences.Select(s => s.Shape[0])], maxLength, truncating);
        int[] sample = sequences.FirstOrDefault(s => s.Shape[0] > 0)?.Shape.Dims[1..].ToArray() ?? [];
        Tensor padded = Filled(dtype, new Shape([sequences.Count * length, .. sample]), value);
        for (int i = 0; i < sequences.Count; i++)
        {
            Tensor sequence = sequences[i];
            if (sequence.Shape[0] == 0)
            {
                continue;
            }

            if (!sequence.Shape.Dims[1..].SequenceEqual(sample))
            {
                throw new ArgumentException($"sequences[{i}] has samples of shape {new Shape(sequence.Shape.Dims[1..])}; expected {new Shape(sample)}, that of the first.", nameof(sequences));
            }

            (int from, int to, int count) = Placed(sequence.Shape[0], length, padding, truncating);
            Fitting(sequence.Rows(from, count), dtype).CopyTo(padded.Rows((i * length) + to, count));
        }

        return padded.Reshape(new Shape([sequences.Count, length, .. sample]));
    }

    private static Tensor Filled(DType dtype, Shape shape, double value)
    {
        Tensor tensor = Tensor.Zeros(dtype, shape);
        if (value != 0)
        {
            // Python passes whole numbers as integers, which must fit.
            Tensor scalar = double.IsInteger(value) && Math.Abs(value) < long.MaxValue ? Fitting(Tensor.Scalar((long)value), dtype) : Tensor.Scalar(value).Cast(dtype);
            ReadOnlySpan<byte> element = scalar.Bytes;
            Span<byte> bytes = tensor.Bytes;
            for (int at = 0; at < bytes.Length; at += element.Length)
            {
                element.CopyTo(bytes[at..]);
            }
        }

        return tensor;
    }

    /// <summary>The numbers as another type; integers must come through unchanged.</summary>
    private static Tensor Fitting(Tensor numbers, DType dtype)
    {
        Tensor cast = numbers.Cast(dtype);
        if (numbers is Tensor<long> integers && dtype is not (DType.Float16 or DType.BFloat16 or DType.Float32 or DType.Float64 or DType.Bool))
        {
            Span<long> before = integers.Span, after = ((Tensor<long>)cast.Cast(DType.Int64)).Span;
            for (int i = 0; i < before.Length; i++)
            {
                if (before[i] != after[i] || (dtype == DType.UInt64 && before[i] < 0))
                {
                    throw new OverflowException($"{before[i]} does not fit {dtype.Name()}.");
                }
            }
        }

        return cast;
    }
}
