using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using KerasCompat.Runtime;

namespace KerasCompat.Containers;

/// <summary>Tensors that are the pages of a file. Written to, they become copies; the file stays as it is.</summary>
internal static class MappedTensors
{
    /// <summary>A tensor whose elements lie at a place of a file; copied where they do not lie as their type demands.</summary>
    public static Tensor Map(string path, DType type, Shape shape, long offset) => type switch
    {
        DType.Float32 => Map<float>(path, shape, offset),
        DType.Float64 => Map<double>(path, shape, offset),
        DType.Float16 => Map<Half>(path, shape, offset),
        DType.BFloat16 => Map<BFloat16>(path, shape, offset),
        DType.Int8 => Map<sbyte>(path, shape, offset),
        DType.Int16 => Map<short>(path, shape, offset),
        DType.Int32 => Map<int>(path, shape, offset),
        DType.Int64 => Map<long>(path, shape, offset),
        DType.UInt8 => Map<byte>(path, shape, offset),
        DType.UInt16 => Map<ushort>(path, shape, offset),
        DType.UInt32 => Map<uint>(path, shape, offset),
        DType.UInt64 => Map<ulong>(path, shape, offset),
        _ => Map<bool>(path, shape, offset),
    };

    private static Tensor<T> Map<T>(string path, Shape shape, long offset)
        where T : unmanaged
    {
        if (shape.ElementCount == 0)
        {
            return new Tensor<T>(Array.Empty<T>(), shape);
        }

        var pages = new Pages<T>(path, offset, shape.ElementCount);
        return new Tensor<T>(offset % Unsafe.SizeOf<T>() == 0 ? pages.Memory : pages.Memory.ToArray(), shape);
    }

    /// <summary>Part of a mapped file as memory.</summary>
    /// <remarks>
    /// The mapping stays until the process ends: a span does not keep its owner alive, so no end of it would be safe. It costs
    /// addresses, not memory: the system drops and rereads pages of the file as it needs.
    /// </remarks>
    private sealed unsafe class Pages<T> : MemoryManager<T>
        where T : unmanaged
    {
        private readonly MemoryMappedViewAccessor _view;
        private readonly byte* _start;
        private readonly int _length;

        public Pages(string path, long offset, int length)
        {
            using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.CopyOnWrite);
            _view = file.CreateViewAccessor(offset, (long)length * sizeof(T), MemoryMappedFileAccess.CopyOnWrite);
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _start = start + _view.PointerOffset;
            _length = length;
        }

        public override Span<T> GetSpan() => new(_start, _length);

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));
            return new MemoryHandle((T*)_start + elementIndex, default, this);
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
