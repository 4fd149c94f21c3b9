using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>The input of a recurrent net over an embedding: rows of a table in which the embedding is multiplied by the input kernel already.</summary>
internal sealed unsafe class TokenRows
{
    private readonly AlignedBuffer _table;
    private readonly Slot _indices, _rows;
    private readonly int _count;

    public TokenRows(CpuBinding binding, Slot indices, int embedding, RecurrentWeights weights)
    {
        _indices = indices;
        _count = binding.Input(embedding).Shape[0];
        _rows = binding.Workspace(DType.Int32, indices.Length);
        _table = binding.Packed(("premultiplied", weights), w => weights.Premultiply(w[0]!.Span, _count), [], embedding);
    }

    public float* Table => _table.Pointer;

    /// <summary>The indices of a call as rows of the table; negative ones count from its end, as in <see cref="Gather"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside of the table.</exception>
    public int* Read(CpuFrame frame)
    {
        Span<int> rows = frame.Span<int>(_rows);
        for (int i = 0; i < rows.Length; i++)
        {
            long index = _indices.DType == DType.Int32 ? frame.Pointer<int>(_indices)[i] : frame.Pointer<long>(_indices)[i];
            long row = index < 0 ? index + _count : index;
            if ((ulong)row >= (ulong)_count)
            {
                throw new ArgumentOutOfRangeException(nameof(frame), $"Index {index} is outside 0 to {_count - 1}.");
            }

            rows[i] = (int)row;
        }

        return frame.Pointer<int>(_rows);
    }
}
