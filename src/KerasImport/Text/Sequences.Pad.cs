using KerasCompat.Runtime;

namespace KerasCompat.Text;

/// <summary>Keras's functions on sequences of numbers.</summary>
public static partial class Sequences
{
    /// <summary>Keras's <c>pad_sequences</c>: sequences of any length as rows of equal length.</summary>
    /// <param name="sequences">The sequences.</param>
    /// <param name="maxLength">The length of the rows; the longest sequence's where it is null. Keras's <c>maxlen</c>.</param>
    /// <param name="padding">Where short sequences are filled up.</param>
    /// <param name="truncating">Where long sequences lose elements.</param>
    /// <param name="value">What they are filled up with.</param>
    /// <returns>Shape <c>(sequences, length)</c>.</returns>
    /// <exception cref="ArgumentException"><paramref name="maxLength"/> is negative, or 0 while <paramref name="truncating"/> is <see cref="PadSide.Pre"/> and a sequence is not empty (Keras fails there), or null where there is no sequence.</exception>
    public static Tensor<T> PadSequences<T>(
        IReadOnlyList<IReadOnlyList<T>> sequences,
        int? maxLength = null,
        PadSide padding = PadSide.Pre,
        PadSide truncating = PadSide.Pre,
        T? value = default)
    {
        int length = LengthOf([.. sequences.Select(s => s.Count)], maxLength, truncating);
        var rows = new T[sequences.Count * length];
        if (!EqualityComparer<T>.Default.Equals(value, default))
        {
            Array.Fill(rows, value!);
        }

        for (int i = 0; i < sequences.Count; i++)
        {
            IReadOnlyList<T> sequence = sequences[i];
            (int from, int to, int count) = Placed(sequence.Count, length, padding, truncating);
            Span<T> row = rows.AsSpan((i * length) + to, count);
            if (sequence is T[] array)
            {
                array.AsSpan(from, count).CopyTo(row);
                continue;
            }

            for (int j = 0; j < count; j++)
            {
                row[j] = sequence[from + j];
            }
        }

        return Tensor.From(rows, sequences.Count, length);
    }

    /// <summary>Where the kept part of a sequence starts, where it goes in the row, and how long it is.</summary>
    private static (int From, int To, int Count) Placed(int sequence, int length, PadSide padding, PadSide truncating)
    {
        int count = Math.Min(sequence, length);
        return (truncating == PadSide.Pre ? sequence - count : 0, padding == PadSide.Pre ? length - count : 0, count);
    }

    private static int LengthOf(int[] lengths, int? maxLength, PadSide truncating)
    {
        if (maxLength is null && lengths.Length == 0)
        {
            throw new ArgumentException("There are no sequences to take the length from; give maxLength.", nameof(maxLength));
        }

        int longest = lengths.Length == 0 ? 0 : lengths.Max();
        return (maxLength ?? longest) switch
        {
            < 0 => throw new ArgumentException($"maxLength is {maxLength}; expected 0 or more.", nameof(maxLength)),
            0 when longest > 0 && truncating == PadSide.Pre => throw new ArgumentException("maxLength is 0; Keras cuts nothing off then (s[-0:] is the whole of s) and fails: give at least 1, or truncate at the end.", nameof(maxLength)),
            var length => length,
        };
    }
}
