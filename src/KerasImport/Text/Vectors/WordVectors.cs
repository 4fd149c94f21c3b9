using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using KerasCompat.Runtime;

namespace KerasCompat.Text;

/// <summary>Reads word vectors: GloVe's text, word2vec's text and binary forms, fastText's <c>.vec</c>.</summary>
/// <remarks>
/// GloVe: a word and its numbers a line. word2vec text and fastText: the same after a line with the number of words and
/// the length of vectors. word2vec binary: that line, then each word, a space and its float32 numbers, little-endian.
/// </remarks>
public static class WordVectors
{
    /// <summary>The words and their vectors in the file's order, read as they are asked for. The form is told by content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What a line may make the reader allocate.</param>
    /// <exception cref="ModelFormatException">A line is not a word and its numbers, or the file is cut short.</exception>
    /// <exception cref="ResourceLimitException">A line or vector is too long.</exception>
    public static IEnumerable<KeyValuePair<string, float[]>> Read(string path, ReadLimits? limits = null)
    {
        limits ??= ReadLimits.Default;
        (long Words, int Length)? header = Header(path, limits, out bool binary);
        return header is { } h && binary ? ReadBinary(path, h.Words, h.Length, limits) : ReadText(path, header?.Length, limits);
    }

    /// <summary>An embedding matrix: the vector of each word in the row of its index, zeros in the others.</summary>
    /// <remarks>The usual next step is the layer's <c>SetWeights</c>. Only the words of the index are kept in memory.</remarks>
    /// <param name="path">The file of vectors.</param>
    /// <param name="wordIndex">The index of each word: <see cref="Tokenizer.WordIndex"/>.</param>
    /// <param name="rows">Rows of the matrix; words of larger index are left out. One more than the largest index where it is null.</param>
    /// <param name="limits">What a line may make the reader allocate.</param>
    /// <returns>The matrix, <c>(rows, length)</c>, and the words that have a row and no vector.</returns>
    /// <exception cref="ModelFormatException">The file is not word vectors, or holds none.</exception>
    public static (Tensor<float> Matrix, IReadOnlyList<string> Missing) EmbeddingMatrix(string path, IReadOnlyDictionary<string, int> wordIndex, int? rows = null, ReadLimits? limits = null)
    {
        int count = rows ?? (wordIndex.Count == 0 ? 1 : wordIndex.Values.Max() + 1);
        var found = new HashSet<string>(StringComparer.Ordinal);
        float[]? matrix = null;
        int length = 0;
        foreach ((string word, float[] vector) in Read(path, limits))
        {
            length = vector.Length;
            matrix ??= new float[checked(count * length)];
            if (wordIndex.TryGetValue(word, out int row) && (uint)row < (uint)count)
            {
                vector.CopyTo(matrix, row * length);
                found.Add(word);
            }
        }

        return matrix is null
            ? throw new ModelFormatException(path, "no vectors", "a word and its numbers in every line")
            : (Tensor.From(matrix, count, length), [.. wordIndex.Where(w => (uint)w.Value < (uint)count && !found.Contains(w.Key)).Select(w => w.Key)]);
    }

    private static IEnumerable<KeyValuePair<string, float[]>> ReadText(string path, int? length, ReadLimits limits)
    {
        using FileStream stream = File.OpenRead(path);
        var bytes = new VectorBytes(stream, path, limits);
        long number = 0;
        if (length is not null)
        {
            bytes.TryReadTo((byte)'\n', out _);
            number++;
        }

        while (NextLine(bytes, path, ++number, ref length) is { } line)
        {
            if (line.Value.Length > 0)
            {
                yield return line;
            }
        }
    }

    private static KeyValuePair<string, float[]>? NextLine(VectorBytes bytes, string path, long number, ref int? length)
    {
        if (!bytes.TryReadTo((byte)'\n', out ReadOnlySpan<byte> line))
        {
            return null;
        }

        line = line.TrimEnd(" \r"u8);
        if (line.Length == 0)
        {
            return KeyValuePair.Create(string.Empty, Array.Empty<float>());
        }

        // Words may hold spaces, as some of GloVe's do: the numbers are the last of the line.
        length ??= line.Count((byte)' ');
        var vector = new float[length.Value];
        ReadOnlySpan<byte> rest = line;
        for (int i = vector.Length; i-- > 0;)
        {
            int space = rest.LastIndexOf((byte)' ');
            if (space <= 0 || !TryParse(rest[(space + 1)..], out vector[i]))
            {
                throw new ModelFormatException($"{path}:{number}", $"\"{Shown(line)}\"", $"a word and {length} numbers");
            }

            rest = rest[..space];
        }

        return vector.Length == 0
            ? throw new ModelFormatException($"{path}:{number}", $"\"{Shown(line)}\"", "a word and its numbers")
            : KeyValuePair.Create(Encoding.UTF8.GetString(rest), vector);
    }

    private static IEnumerable<KeyValuePair<string, float[]>> ReadBinary(string path, long words, int length, ReadLimits limits)
    {
        using FileStream stream = File.OpenRead(path);
        var bytes = new VectorBytes(stream, path, limits);
        bytes.TryReadTo((byte)'\n', out _);
        for (long i = 0; i < words; i++)
        {
            yield return NextBinary(bytes, length) ?? throw new ModelFormatException(path, $"{i} vectors", $"{words}, as the first line says", "the file is cut short");
        }
    }

    private static KeyValuePair<string, float[]>? NextBinary(VectorBytes bytes, int length)
    {
        if (!bytes.TryReadTo((byte)' ', out ReadOnlySpan<byte> word))
        {
            return null;
        }

        // word2vec ends each vector with a line feed, gensim does not.
        string text = Encoding.UTF8.GetString(word.TrimStart((byte)'\n'));
        return bytes.TryRead(length * sizeof(float), out ReadOnlySpan<byte> numbers)
            ? KeyValuePair.Create(text, MemoryMarshal.Cast<byte, float>(numbers).ToArray())
            : null;
    }

    /// <summary>The first line's number of words and length, if it is such a line; and whether what follows is binary.</summary>
    private static (long Words, int Length)? Header(string path, ReadLimits limits, out bool binary)
    {
        binary = false;
        using FileStream stream = File.OpenRead(path);
        var bytes = new VectorBytes(stream, path, limits);
        if (!bytes.TryReadTo((byte)'\n', out ReadOnlySpan<byte> line) || Numbers(line.TrimEnd(" \r"u8)) is not { } header)
        {
            return null;
        }

        if (header.Length <= 0 || header.Words < 0 || header.Length > limits.MaxTextBytes / sizeof(float))
        {
            throw new ModelFormatException($"{path}:1", $"{header.Words} words of {header.Length} numbers", "a number of words and the length of vectors");
        }

        int? length = header.Length;
        try
        {
            NextLine(bytes, path, 2, ref length);
        }
        catch (Exception e) when (e is ModelFormatException or ResourceLimitException)
        {
            binary = true;
        }

        return header;
    }

    private static (long Words, int Length)? Numbers(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line, out long words, out int used) && used < line.Length && line[used] == ' '
        && Utf8Parser.TryParse(line[(used + 1)..], out int length, out int last) && used + 1 + last == line.Length
            ? (words, length)
            : null;

    /// <summary>Numbers go through double on their way to float32, as in numpy.</summary>
    private static bool TryParse(ReadOnlySpan<byte> text, out float value)
    {
        bool parsed = double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double number);
        value = (float)number;
        return parsed;
    }

    private static string Shown(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line[..Math.Min(line.Length, 60)]);
}
