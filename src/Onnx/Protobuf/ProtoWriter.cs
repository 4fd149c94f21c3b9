using System.Text;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Protobuf;

/// <summary>
/// Writes messages in protobuf's wire format: fields, each a tag (number and wire type) and a value. Tensors are not copied: the text
/// of a message is a list of pieces, and a tensor's elements are one of them.
/// </summary>
/// <remarks>The format: protobuf.dev/programming-guides/encoding.</remarks>
internal sealed class ProtoWriter
{
    private const int VarintType = 0, LengthType = 2, Fixed32Type = 5;

    private readonly List<Piece> _pieces = [];
    private readonly MemoryStream _open = new();
    private long _closed;

    /// <summary>Bytes written so far.</summary>
    public long Length => _closed + _open.Length;

    /// <summary>An integer field.</summary>
    public void Integer(int field, long value)
    {
        Tag(field, VarintType);
        Varint((ulong)value);
    }

    /// <summary>A field of single precision.</summary>
    public void Single(int field, float value)
    {
        Tag(field, Fixed32Type);
        _open.Write(BitConverter.GetBytes(value));
    }

    /// <summary>A text field.</summary>
    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A field of bytes.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthType);
        Varint((ulong)value.Length);
        _open.Write(value);
    }

    /// <summary>A field of bytes: a tensor's elements, little endian.</summary>
    public void Bytes(int field, Tensor value)
    {
        Tag(field, LengthType);
        Varint((ulong)value.Bytes.Length);
        Close();
        _pieces.Add(new Piece(null, value));
        _closed += value.Bytes.Length;
    }

    /// <summary>A message within this one.</summary>
    public void Message(int field, Action<ProtoWriter> write)
    {
        var inner = new ProtoWriter();
        write(inner);
        Tag(field, LengthType);
        Varint((ulong)inner.Length);
        inner.Close();
        Close();
        _pieces.AddRange(inner._pieces);
        _closed += inner._closed;
    }

    /// <summary>Copies all that was written.</summary>
    /// <exception cref="OperationCanceledException">It is no longer wanted; asked before each megabyte.</exception>
    public void CopyTo(Stream stream, CancellationToken cancellation)
    {
        Close();
        foreach (Piece piece in _pieces)
        {
            stream.WritePieces(piece.Tensor is { } tensor ? tensor.Bytes : piece.Bytes, cancellation);
        }
    }

    private void Close()
    {
        if (_open.Length > 0)
        {
            _pieces.Add(new Piece(_open.ToArray(), null));
            _closed += _open.Length;
            _open.SetLength(0);
        }
    }

    private void Tag(int field, int type) => Varint((ulong)((field << 3) | type));

    /// <summary>Seven bits a byte, the lowest first; the top bit says that more follow.</summary>
    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _open.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        _open.WriteByte((byte)value);
    }

    private readonly record struct Piece(byte[]? Bytes, Tensor? Tensor);
}
