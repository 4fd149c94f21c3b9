using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace KerasCompat.Hdf5;

/// <summary>Turns elements from the file's byte order into little-endian order, in place.</summary>
internal static class NativeOrder
{
    /// <summary>Whether elements are little-endian as they lie.</summary>
    public static bool Holds(Hdf5Type type) => type.Class switch
    {
        Hdf5TypeClass.Compound => type.Members.All(m => Holds(m.Type)),
        Hdf5TypeClass.Array or Hdf5TypeClass.Enum or Hdf5TypeClass.Complex => Holds(type.Base!),
        _ => type.ByteOrder is Hdf5ByteOrder.LittleEndian or Hdf5ByteOrder.None || (type.Size == 1 && type.ByteOrder != Hdf5ByteOrder.Vax),
    };

    public static void Apply(Span<byte> elements, Hdf5Type type, Place place)
    {
        if (!Holds(type))
        {
            Column(elements, type.Size, elements.Length / type.Size, type, place);
        }
    }

    /// <summary>Reverses the bytes of every element.</summary>
    public static void Reverse(Span<byte> elements, int size)
    {
        switch (size)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, ushort>(elements);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, uint>(elements);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, ulong>(elements);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                for (; elements.Length >= size; elements = elements[size..])
                {
                    elements[..size].Reverse();
                }

                break;
        }
    }

    // One part of every element: the first at the beginning of the data, the others stride bytes apart.
    private static void Column(Span<byte> data, int stride, int count, Hdf5Type type, Place place)
    {
        switch (type.Class)
        {
            case Hdf5TypeClass.Compound:
                foreach (var member in type.Members)
                {
                    Column(data[member.Offset..], stride, count, member.Type, place);
                }

                break;
            case Hdf5TypeClass.Array or Hdf5TypeClass.Enum or Hdf5TypeClass.Complex:
                var item = type.Base!;
                if (stride == type.Size)
                {
                    Column(data, item.Size, count * (type.Size / item.Size), item, place);
                    break;
                }

                for (var at = 0; at < type.Size; at += item.Size)
                {
                    Column(data[at..], stride, count, item, place);
                }

                break;
            case var _ when type.ByteOrder == Hdf5ByteOrder.Vax:
                throw place.Unsupported("numbers in the VAX's byte order", "little-endian or big-endian numbers");
            case var _ when Holds(type):
                break;
            case var _ when stride == type.Size:
                Reverse(data[..(count * stride)], type.Size);
                break;
            default:
                for (int i = 0, at = 0; i < count; i++, at += stride)
                {
                    data.Slice(at, type.Size).Reverse();
                }

                break;
        }
    }
}
