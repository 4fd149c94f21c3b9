namespace KerasCompat.Runtime.OpenCl;

/// <summary>A block of device memory.</summary>
internal sealed class DeviceBuffer(OpenClContext context, nint handle, long bytes) : IDisposable
{
    private nint _handle = handle;

    ~DeviceBuffer() => Free();

    /// <summary>OpenCL's handle.</summary>
    public nint Handle => _handle;

    public long Bytes => bytes;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        nint freed = Interlocked.Exchange(ref _handle, 0);
        if (freed != 0)
        {
            context.Api.ReleaseBuffer(freed);
            context.Freed(bytes);
        }
    }
}
