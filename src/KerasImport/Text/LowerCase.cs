using System.Buffers;
using System.Text;

namespace KerasCompat.Text;

/// <summary>Python's <c>str.lower</c>: the full Unicode mapping, whatever the culture and the machine.</summary>
internal static class LowerCase
{
    /// <summary>The only letter whose lower case is two characters: I with a dot above becomes i and a combining dot.</summary>
    private const char DottedCapitalI = '\u0130';

    /// <summary>The most characters a text can have once lower-cased.</summary>
    public static int MaxLength(int length) => length * 2;

    /// <summary>The text in lower case.</summary>
    public static string Of(string text, int unicode = LowerCaseTable.Newest)
    {
        char[] buffer = ArrayPool<char>.Shared.Rent(MaxLength(text.Length));
        try
        {
            ReadOnlySpan<char> lower = buffer.AsSpan(0, Write(text, buffer, unicode));
            return lower.SequenceEqual(text) ? text : lower.ToString();
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes the text in lower case.</summary>
    /// <returns>Number of characters written, at most <see cref="MaxLength"/>.</returns>
    public static int Write(ReadOnlySpan<char> text, Span<char> target, int unicode = LowerCaseTable.Newest)
    {
        // Stops at the first character that is not ASCII.
        Ascii.ToLower(text, target, out int ascii);
        int written = ascii;
        for (int at = ascii; at < text.Length;)
        {
            int start = at, c = CodePoints.Next(text, ref at);
            switch (c)
            {
                case < 0x80:
                    target[written++] = c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : (char)c;
                    break;
                case FinalSigma.Capital:
                    target[written++] = FinalSigma.LowerAt(text, start);
                    break;
                case DottedCapitalI:
                    target[written++] = 'i';
                    target[written++] = '\u0307';
                    break;
                default:
                    written += CodePoints.Write(LowerCaseTable.Lower(c, unicode), target[written..]);
                    break;
            }
        }

        return written;
    }
}
