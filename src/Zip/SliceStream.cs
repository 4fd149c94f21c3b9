namespace KerasCompat.Zip;

/// <summary>A range of a file as a seekable stream of its own: a stored member is read where it lies.</summary>
internal sealed class SliceStream(ByteSource source, long start, long length) : ReadOnlyStream
{
    private long _position;

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        long left = Math.Max(0, length - _position);
        if (left == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        int read = source.Read(start + _position, buffer[..(int)Math.Min(left, buffer.Length)]);
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => length,
    };
}
