namespace KerasCompat.Runtime;

/// <summary>Writes large memory piece by piece, so that a writer that is no longer wanted stops amid an array.</summary>
internal static class StreamPieces
{
    private const int PieceBytes = 1 << 20;

    /// <exception cref="OperationCanceledException">It is no longer wanted; asked before each piece.</exception>
    public static void WritePieces(this Stream stream, ReadOnlySpan<byte> bytes, CancellationToken cancellation)
    {
        do
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> piece = bytes[..Math.Min(PieceBytes, bytes.Length)];
            stream.Write(piece);
            bytes = bytes[piece.Length..];
        }
        while (bytes.Length > 0);
    }
}
