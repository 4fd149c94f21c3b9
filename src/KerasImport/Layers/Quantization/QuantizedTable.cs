using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>A table of embeddings kept in few bits.</summary>
/// <remarks>
/// Weights in their stored order, of n rows of length d. int8: embeddings (n, d), scale (n); <c>row = q / scale</c>. int4: embeddings
/// packed (n, ⌈d/2⌉), scale (n); with blocks scale (n, blocks), zero (n, blocks) and g_idx (d), the block of each place,
/// <c>row = (q − zero) · scale</c>.
/// </remarks>
internal sealed class QuantizedTable
{
    private readonly QuantizationScheme _scheme;
    private readonly int _length;
    private readonly Weight _embeddings;
    private readonly Weight _scale;
    private readonly Weight? _zero;

    public QuantizedTable(QuantizationScheme scheme, int rows, int length, QuantizedKernel.AddWeight add)
    {
        _scheme = scheme;
        _length = length;
        bool packed = scheme.Mode == "int4";
        _embeddings = add("embeddings", [rows, packed ? (length + 1) / 2 : length], false, DType.Int8);
        if (packed && scheme.BlockSize is { } block)
        {
            int blocks = (length + block - 1) / block;
            _scale = add("embeddings_scale", [rows, blocks], false, null);
            _zero = add("embeddings_zero", [rows, blocks], false, DType.Int8);
            Block = add("g_idx", [length], false, DType.Float32);
        }
        else
        {
            _scale = add("embeddings_scale", [rows], false, null);
        }
    }

    /// <summary>The block of each place of a row; null where a row has one scale.</summary>
    public Weight? Block { get; }

    /// <summary>The table in the type the layer computes in.</summary>
    public Value Restore(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value stored = g.Weight(_embeddings);
        Value integers = g.Cast(_scheme.Mode == "int4" ? Int4Packing.Unpack(g, stored, 1, _length) : stored, call.ComputeType);
        return _zero is null
            ? g.Div(integers, g.ExpandDims(call.Weight(_scale), -1))
            : QuantizedBlocks.Restore(call, integers, _scale, _zero, Block!, axis: 1);
    }
}
