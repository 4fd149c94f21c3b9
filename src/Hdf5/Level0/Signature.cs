namespace KerasCompat.Hdf5;

/// <summary>Finds where HDF5 starts in a file (Level 0A: the format signature).</summary>
internal static class Signature
{
    public const int Size = 8;

    private static ReadOnlySpan<byte> Bytes => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>The offset of the signature at 0, 512, 1024, 2048 …; -1 where there is none.</summary>
    public static long Find(long length, Func<long, byte[], bool> tryRead)
    {
        var found = new byte[Size];
        for (long at = 0; at <= length - Size; at = at == 0 ? 512 : at * 2)
        {
            if (tryRead(at, found) && Bytes.SequenceEqual(found))
            {
                return at;
            }
        }

        return -1;
    }
}
