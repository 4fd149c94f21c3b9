namespace KerasCompat.Containers;

/// <summary>A file that stays open to be read again later: what is read of it is what it held when it was opened, or nothing.</summary>
/// <remarks>It is read, not mapped: pages of a file that another program cuts short would end the process.</remarks>
internal sealed class UnchangingFile : Stream
{
    private readonly FileStream _file;
    private readonly string _name;
    private readonly long _length;
    private readonly DateTime _written;

    public UnchangingFile(string path)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        _name = Path.GetFileName(path);
        (_length, _written) = Now();
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _file.Position;
        set => _file.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="IOException">The file has been written since it was opened.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = _file.Read(buffer);
        return Now() == (_length, _written) ? read : throw new IOException(
            $"{_name} has been written since it was loaded, and its weights were left in it (LoadOptions.LeaveWeightsInFile). Load the model anew, or save models under a new name and rename them.");
    }

    public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private (long Length, DateTime Written) Now() => (RandomAccess.GetLength(_file.SafeFileHandle), File.GetLastWriteTimeUtc(_file.SafeFileHandle));
}
