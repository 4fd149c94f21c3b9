using System.Text;

namespace KerasCompat.Layers;

/// <summary>The file in which a lookup layer keeps its vocabulary: a token a line.</summary>
internal static class VocabularyFile
{
    public const string Name = "vocabulary.txt";

    /// <summary>What Python's <c>str.splitlines</c>, by which Keras reads the file, takes for the end of a line.</summary>
    private static readonly char[] LineEnds = ['\n', '\r', '\v', '\f', '\x1c', '\x1d', '\x1e', '\x85', '\u2028', '\u2029'];

    /// <summary>The tokens. Empty lines at the end do not count, unless the layer counted the empty text as its last token.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="size">The number of tokens, where the layer's config tells it.</param>
    public static List<string> Read(byte[] bytes, int? size = null)
    {
        string text = Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);
        List<string> lines = [.. text.Split(LineEnds)];
        while (lines is [.., ""] && lines.Count != size)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }
}
