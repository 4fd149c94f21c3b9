namespace KerasCompat.Convert.Output;

/// <summary>A file that tells how much of it has been written.</summary>
/// <param name="file">The file; disposed of with this stream.</param>
/// <param name="total">About so many bytes there will be.</param>
/// <param name="told">Takes the share that is written.</param>
internal sealed class MeteredStream(Stream file, long total, IProgress<double> told) : Stream
{
    private long _written;

    public override bool CanRead => file.CanRead;

    public override bool CanSeek => file.CanSeek;

    public override bool CanWrite => file.CanWrite;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        file.Write(buffer);
        _written += buffer.Length;
        told.Report(Math.Min((double)_written / Math.Max(total, 1), 1));
    }

    public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => file.Read(buffer);

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void SetLength(long value) => file.SetLength(value);

    public override void Flush() => file.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
