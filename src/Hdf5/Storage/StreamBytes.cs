namespace KerasCompat.Hdf5;

/// <summary>A seekable stream; one reader at a time moves its position.</summary>
internal sealed class StreamBytes(Stream stream, bool leaveOpen) : FileBytes
{
    private readonly Lock gate = new();

    public override long Length { get; } = stream.Length;

    public override bool IsMapped => false;

    public override ReadOnlyMemory<byte> View(long offset, int length)
    {
        var copy = new byte[length];
        CopyTo(offset, copy);
        return copy;
    }

    public override void CopyTo(long offset, Span<byte> destination)
    {
        lock (gate)
        {
            stream.Position = offset;
            stream.ReadExactly(destination);
        }
    }

    public override void Dispose()
    {
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }
}
