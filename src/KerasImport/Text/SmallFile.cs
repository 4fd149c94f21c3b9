namespace KerasCompat.Text;

/// <summary>Files that are read whole: tokenizers, pickles, pipelines.</summary>
internal static class SmallFile
{
    /// <exception cref="ResourceLimitException">It is longer than a text and a pickle may be; nothing of it is read.</exception>
    public static byte[] Read(string path, ReadLimits limits)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        long most = Math.Min(Math.Max(limits.MaxTextBytes, limits.MaxMetadataBytes), Array.MaxLength);
        if (stream.Length > most)
        {
            throw new ResourceLimitException(path, $"a file of {stream.Length} bytes", $"at most {most}", "raise ReadLimits.MaxTextBytes if the file is trusted");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
