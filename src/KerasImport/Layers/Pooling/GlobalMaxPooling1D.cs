using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element over one axis, whatever a mask says; see <see cref="BaseGlobalPooling"/>.</summary>
/// <remarks>Of a ragged input each row's own steps count; a row without any gives the lowest number of the type, as TensorFlow does.</remarks>
internal sealed class GlobalMaxPooling1D(LayerConfig config) : BaseGlobalPooling(config, PoolKind.Max, rank: 1)
{
    protected internal override RaggedRule RaggedRuleOf(int rank) => ChannelsFirst ? RaggedRule.Refuses : RaggedRule.Computes;

    protected override Structure Call(LayerCall call)
    {
        KerasTensor x = call.Input;
        return x.Lengths is null ? base.Call(call) : new KerasTensor(Largest(call.Graph, RaggedRows.Filled(call.Graph, x, Lowest(x.Value.DType))));

        double Lowest(DType type) => type switch
        {
            DType.Float64 => double.MinValue,
            DType.Float32 => float.MinValue,
            DType.Float16 => (double)Half.MinValue,
            _ => throw call.Fail($"ragged rows of {type.Name()}", "rows of float16, float32 or float64"),
        };
    }
}
