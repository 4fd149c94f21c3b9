namespace KerasCompat.Layers;

/// <summary>An op node of a functional model: <c>x + y</c>, <c>ops.mean(x)</c>. It has no weights and drops masks.</summary>
internal sealed class Operation : Layer
{
    private readonly Func<OperationCall, Structure> _lower;

    public Operation(LayerConfig config)
        : base(config) => _lower = OperationTable.Operations.TryGetValue(config.ClassName, out Func<OperationCall, Structure>? lower)
            ? lower
            : throw new UnsupportedModelException(config.Place, $"operation {config.ClassName}", "an operation of keras.ops");

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override bool Autocasts => false;

    protected override Structure Call(LayerCall call) => _lower(new OperationCall(call, Config));
}
