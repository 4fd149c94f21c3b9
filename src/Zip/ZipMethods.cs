namespace KerasCompat.Zip;

/// <summary>The compression methods (APPNOTE 4.4.5).</summary>
internal static class ZipMethods
{
    public const int Stored = 0;
    public const int Deflated = 8;
    public const int BZip2 = 12;
    public const int Lzma = 14;

    public static string Describe(int method) => method switch
    {
        1 => " (shrunk)",
        6 => " (imploded)",
        9 => " (Deflate64)",
        20 or 93 => " (Zstandard)",
        94 => " (MP3)",
        95 => " (XZ)",
        96 => " (JPEG)",
        97 => " (WavPack)",
        98 => " (PPMd)",
        99 => " (AES encryption)",
        _ => string.Empty,
    };
}
