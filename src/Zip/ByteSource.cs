using Microsoft.Win32.SafeHandles;

namespace KerasCompat.Zip;

/// <summary>Bytes that can be read at any offset, from any thread.</summary>
internal abstract class ByteSource : IDisposable
{
    public abstract long Length { get; }

    public static ByteSource Of(Stream stream, bool leaveOpen) =>
        stream is FileStream { CanSeek: true } file ? new FileSource(file, leaveOpen) : new StreamSource(stream, leaveOpen);

    /// <summary>Reads at most as many bytes as asked for; 0 at the end.</summary>
    public abstract int Read(long offset, Span<byte> target);

    public bool TryFill(long offset, Span<byte> target)
    {
        while (target.Length > 0)
        {
            int read = offset < 0 || offset >= Length ? 0 : Read(offset, target);
            if (read == 0)
            {
                return false;
            }

            offset += read;
            target = target[read..];
        }

        return true;
    }

    public abstract void Dispose();

    private sealed class FileSource(FileStream file, bool leaveOpen) : ByteSource
    {
        private readonly SafeFileHandle _handle = file.SafeFileHandle;

        public override long Length { get; } = file.Length;

        public override int Read(long offset, Span<byte> target) => RandomAccess.Read(_handle, target, offset);

        public override void Dispose()
        {
            if (!leaveOpen)
            {
                file.Dispose();
            }
        }
    }

    private sealed class StreamSource(Stream stream, bool leaveOpen) : ByteSource
    {
        private readonly Lock _lock = new();

        public override long Length { get; } = stream.Length;

        public override int Read(long offset, Span<byte> target)
        {
            lock (_lock)
            {
                stream.Position = offset;
                return stream.Read(target);
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
}
