using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KerasCompat.Hdf5;

/// <summary>The elements of a dataset or an attribute, and the ways to read them.</summary>
internal sealed class StoredArray(Hdf5Type type, Dataspace space, IStorage storage, Place place)
{
    private long Count => space.Kind == Hdf5SpaceKind.Null ? 0 : space.Count;

    public T[] Read<T>()
        where T : unmanaged
    {
        if (!Matches(typeof(T)))
        {
            throw new ModelFormatException(place.ToString(), $"{type}", $"{typeof(T).Name}", "read its bytes or its value instead");
        }

        var size = CheckedSize(Unsafe.SizeOf<T>());
        place.File.CountArray(size, place);
        var array = new T[Count];
        ReadInto(MemoryMarshal.AsBytes(array.AsSpan()));
        return array;
    }

    public byte[] ReadBytes()
    {
        CheckPlain();
        var size = CheckedSize(type.Size);
        place.File.CountArray(size, place);
        var bytes = new byte[size];
        ReadInto(bytes);
        return bytes;
    }

    public void ReadBytes(Span<byte> destination)
    {
        CheckPlain();
        if (CheckedSize(type.Size) is var size && size != destination.Length)
        {
            throw new ArgumentException($"{place} has {size} bytes, and room for {destination.Length} was given.", nameof(destination));
        }

        ReadInto(destination);
    }

    public bool TryView(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (type.HasVariableLength || !NativeOrder.Holds(type))
        {
            return false;
        }

        CheckedSize(type.Size);
        return Count > 0 && storage.TryView(out bytes);
    }

    public string[] ReadStrings()
    {
        if (!type.IsString)
        {
            throw new ModelFormatException(place.ToString(), $"{type}", "text");
        }

        return Values().Text(type, Raw().Span, 0, type.Size, Count).Strings;
    }

    public Hdf5Value ReadValue() => Values().Read(type, Raw().Span, 0, type.Size, Count);

    private ValueReader Values() => new(place);

    /// <summary>The elements as the file has them, without a copy where possible.</summary>
    private ReadOnlyMemory<byte> Raw()
    {
        var size = CheckedSize(type.Size);
        if (size == 0)
        {
            return default;
        }

        if (storage.TryView(out var view))
        {
            return view[..(int)size];
        }

        place.File.CountArray(size, place);
        var bytes = new byte[size];
        storage.CopyTo(bytes);
        return bytes;
    }

    private void ReadInto(Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return;
        }

        storage.CopyTo(destination);
        NativeOrder.Apply(destination, type, place);
    }

    private long CheckedSize(int elementSize)
    {
        var size = (Int128)Count * elementSize;
        place.File.CheckArray(size > long.MaxValue ? long.MaxValue : (long)size, place);
        return (long)size;
    }

    private void CheckPlain()
    {
        if (type.HasVariableLength)
        {
            throw new ModelFormatException(place.ToString(), $"{type}", "elements of one size", "read its text or its value instead");
        }
    }

    private bool Matches(Type wanted)
    {
        var number = type.Class == Hdf5TypeClass.Enum ? type.Base! : type;
        if (wanted == typeof(bool))
        {
            return type.IsBool;
        }

        if (wanted == typeof(Half) || wanted == typeof(float) || wanted == typeof(double))
        {
            return number.IsIeee && number.Size == (wanted == typeof(Half) ? 2 : wanted == typeof(float) ? 4 : 8);
        }

        return number.Class is Hdf5TypeClass.Integer or Hdf5TypeClass.BitField && number.IsWholeInteger
            && wanted == (number.Size, number.IsSigned) switch
            {
                (1, true) => typeof(sbyte),
                (1, false) => typeof(byte),
                (2, true) => typeof(short),
                (2, false) => typeof(ushort),
                (4, true) => typeof(int),
                (4, false) => typeof(uint),
                (8, true) => typeof(long),
                _ => typeof(ulong),
            };
    }
}
