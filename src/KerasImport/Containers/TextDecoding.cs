using System.Text;

namespace KerasCompat.Containers;

/// <summary>Decodes JSON and YAML files: UTF-8, UTF-16 and UTF-32, with and without byte order mark.</summary>
internal static class TextDecoding
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16 = new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16Big = new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf32 = new UTF32Encoding(bigEndian: false, byteOrderMark: false, throwOnInvalidCharacters: true);
    private static readonly Encoding Utf32Big = new UTF32Encoding(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true);

    /// <exception cref="ModelFormatException">The bytes are no text.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string place)
    {
        (Encoding encoding, int mark) = Detect(bytes);
        try
        {
            return encoding.GetString(bytes[mark..]);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException(place, "bytes that are not UTF-8", "UTF-8 text (UTF-16 and UTF-32 are read too)", "save the file as UTF-8", e);
        }
    }

    /// <summary>The encoding, and the bytes of its mark. Without one, the zeros of the first characters tell, as in Python's json.</summary>
    public static (Encoding Encoding, int Mark) Detect(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Utf8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (Utf32, 4),
        [0, 0, 0xFE, 0xFF, ..] => (Utf32Big, 4),
        [0xFF, 0xFE, ..] => (Utf16, 2),
        [0xFE, 0xFF, ..] => (Utf16Big, 2),
        [not 0, 0, 0, 0, ..] => (Utf32, 0),
        [0, 0, 0, not 0, ..] => (Utf32Big, 0),
        [not 0, 0, ..] => (Utf16, 0),
        [0, not 0, ..] => (Utf16Big, 0),
        _ => (Utf8, 0),
    };
}
