using System.Buffers;
using System.Runtime.InteropServices;

namespace KerasCompat.Runtime;

/// <summary>
/// Memory outside of the heap, which goes back to the system when its last user is done with it. A large array would stay until the oldest
/// generation is collected, and mostly with the process after that.
/// </summary>
/// <remarks>A span does not keep its owner alive, so tensors over such memory are for this library's own use and no caller gets one.</remarks>
internal sealed unsafe class NativeBlock : SafeHandle
{
    private static long _live;

    private readonly long _bytes;

    /// <summary>Memory of zeros for a tensor.</summary>
    public NativeBlock(DType dtype, Shape shape)
        : base(0, ownsHandle: true)
    {
        _bytes = Math.Max((long)shape.ElementCount * dtype.Size(), 1);
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)_bytes));
        GC.AddMemoryPressure(_bytes);
        Interlocked.Add(ref _live, _bytes);
        Tensor = dtype switch
        {
            DType.Float32 => View<float>(shape),
            DType.Float64 => View<double>(shape),
            DType.Float16 => View<Half>(shape),
            DType.BFloat16 => View<BFloat16>(shape),
            DType.Int8 => View<sbyte>(shape),
            DType.Int16 => View<short>(shape),
            DType.Int32 => View<int>(shape),
            DType.Int64 => View<long>(shape),
            DType.UInt8 => View<byte>(shape),
            DType.UInt16 => View<ushort>(shape),
            DType.UInt32 => View<uint>(shape),
            DType.UInt64 => View<ulong>(shape),
            DType.Bool => View<bool>(shape),
            _ => throw new ArgumentOutOfRangeException(nameof(dtype)),
        };
    }

    /// <summary>Bytes of all blocks in use.</summary>
    public static long LiveBytes => Interlocked.Read(ref _live);

    public override bool IsInvalid => handle == 0;

    /// <summary>The elements, to be used while the block is.</summary>
    public Tensor Tensor { get; }

    /// <summary>Keeps the memory until <see cref="SafeHandle.DangerousRelease"/>; false where it was given back already.</summary>
    public bool TryUse()
    {
        try
        {
            bool used = false;
            DangerousAddRef(ref used);
            return used;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        GC.RemoveMemoryPressure(_bytes);
        Interlocked.Add(ref _live, -_bytes);
        return true;
    }

    private Tensor<T> View<T>(Shape shape)
        where T : unmanaged => new(new Elements<T>(this, shape.ElementCount).Memory, shape);

    private sealed class Elements<T>(NativeBlock block, int length) : MemoryManager<T>
        where T : unmanaged
    {
        public override Span<T> GetSpan() => new((void*)block.handle, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new((T*)block.handle + elementIndex, default, this);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
