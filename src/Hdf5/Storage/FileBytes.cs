namespace KerasCompat.Hdf5;

/// <summary>The bytes of a file, wherever they are kept. Callers have checked every range against <see cref="Length"/>.</summary>
internal abstract class FileBytes : IDisposable
{
    public abstract long Length { get; }

    /// <summary>Whether <see cref="View"/> hands out the file's own bytes and no copy.</summary>
    public abstract bool IsMapped { get; }

    public abstract ReadOnlyMemory<byte> View(long offset, int length);

    public abstract void CopyTo(long offset, Span<byte> destination);

    public abstract void Dispose();
}
