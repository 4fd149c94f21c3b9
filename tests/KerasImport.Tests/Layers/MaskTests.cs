using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Layers.Tests;

/// <summary>What layers do with masks, in the rules of each generation.</summary>
public class MaskTests
{
    private static readonly Tensor First = Tensor.From([true, true, false, false], 1, 4);
    private static readonly Tensor Second = Tensor.From([true, false, true, false], 1, 4);

    [Theory]
    [InlineData("Add", "or", true, new[] { true, true, true, false })]
    [InlineData("Add", "and", true, new[] { true, false, false, false })]
    [InlineData("Add", "or", false, null)]
    [InlineData("Add", "and", false, new[] { true, true, false, false })]
    [InlineData("Add", "none", true, null)]
    [InlineData("Concatenate", "none", true, null)]
    [InlineData("Concatenate", "any", true, new[] { true, true, true, false })]
    [InlineData("Concatenate", "all", true, new[] { true, false, false, false })]
    [InlineData("Concatenate", "any", false, new[] { true, true, true, true })]
    [InlineData("Concatenate", "all", false, new[] { true, true, false, false })]
    public void Masks_of_several_inputs_join(string layer, string rule, bool secondHasMask, bool[]? expected)
    {
        Tensor x = LayerRun.Floats(new float[8], 1, 4, 2);
        (_, Tensor? mask) = LayerRun.Masked(LayerRun.Make(layer, $$"""{"mask_rule": "{{rule}}"}"""), [(x, First), (x, secondHasMask ? Second : null)]);
        Assert.Equal(expected, mask?.As<bool>().ToArray());
    }

    [Fact]
    public void Concatenate_along_time_joins_the_masks_end_to_end()
    {
        Tensor x = LayerRun.Floats(new float[8], 1, 4, 2);
        (_, Tensor? mask) = LayerRun.Masked(LayerRun.Make("Concatenate", """{"axis": 1, "mask_rule": "any"}"""), [(x, First), (x, null)]);
        Assert.Equal([true, true, false, false, true, true, true, true], mask!.As<bool>().ToArray());
    }

    [Theory]
    [InlineData("or", "Multiply", new double[] { 6, 2, 3, 0 })]
    [InlineData("or", "Maximum", new double[] { 3, 2, 3, 2 })]
    [InlineData("or", "Minimum", new double[] { 2, 2, 3, 2 })]
    [InlineData("and", "Multiply", new double[] { 6, 6, 6, 6 })]
    [InlineData("and", "Maximum", new double[] { 3, 3, 3, 3 })]
    [InlineData("none", "Maximum", new double[] { 3, 3, 3, 3 })]
    public void From_Keras_3_4_on_masks_decide_what_is_merged(string rule, string layer, double[] expected)
    {
        Tensor two = LayerRun.Floats([2, 2, 2, 2], 1, 4, 1), three = LayerRun.Floats([3, 3, 3, 3], 1, 4, 1);
        (Tensor y, _) = LayerRun.Masked(LayerRun.Make(layer, $$"""{"mask_rule": "{{rule}}"}"""), [(two, First), (three, Second)]);
        LayerRun.Close(expected, y);
    }

    [Fact]
    public void Masking_drops_steps_that_hold_the_value_and_nothing_else()
    {
        Tensor x = LayerRun.Floats([7, 7, 7, 1, float.NaN, 7], 1, 3, 2);
        (Tensor y, Tensor? mask) = LayerRun.Masked(LayerRun.Make("Masking", """{"mask_value": 7}"""), [(x, null)]);
        Assert.Equal([false, true, true], mask!.As<bool>().ToArray());
        LayerRun.Close([0, 0, 7, 1, double.NaN, 7], y);
    }

    [Fact]
    public void The_mean_over_time_counts_kept_steps_and_is_NaN_without_any()
    {
        Tensor mask = Tensor.From([true, false, true, false, false, false], 2, 3);
        Tensor x = LayerRun.Floats([1, float.NaN, 5, 1, 2, 3], 2, 3, 1);
        (Tensor y, Tensor? left) = LayerRun.Masked(LayerRun.Make("GlobalAveragePooling1D"), [(x, mask)]);
        LayerRun.Close([3, double.NaN], y);
        Assert.Null(left);
    }

    [Theory]
    [InlineData("passes", new[] { true, true, false, false })]
    [InlineData("inner", new[] { true, false, true, true })]
    public void TimeDistributed_gives_its_own_mask_or_the_inner_layers(string rule, bool[] expected)
    {
        const string Masking = """{"kind": "layer", "class_name": "Masking", "name": "masking", "config": {}}""";
        Layer layer = LayerRun.Make("TimeDistributed", $$"""{"mask_rule": "{{rule}}", "layer": {{Masking}}}""");
        Tensor x = LayerRun.Floats([1, 0, 2, 3], 1, 4, 1, 1);
        (_, Tensor? mask) = LayerRun.Masked(layer, [(x, First)]);
        Assert.Equal(expected, mask!.As<bool>().ToArray());
    }

    /// <remarks>
    /// The state is the sum of the steps so far: 0 at the masked third step, then 0 + 2, then 2 + 1. Unrolled, Keras's <c>rnn</c> turns the
    /// list of masks round with the inputs, but zeroes the stacked outputs by the mask as it came: the third output, not the first.
    /// </remarks>
    [Theory]
    [InlineData(false, true, new double[] { 0, 2, 3 })]
    [InlineData(true, true, new double[] { 0, 2, 0 })]
    [InlineData(true, false, new double[] { 1, 3, 0 })]
    public void Unrolled_backwards_the_mask_zeroes_outputs_in_the_order_of_the_input(bool unroll, bool backwards, double[] expected)
    {
        Layer layer = LayerRun.Make("SimpleRNN", $$"""
            {"units": 1, "activation": "linear", "use_bias": false, "return_sequences": true, "zero_output_for_mask": true,
             "unroll": {{(unroll ? "true" : "false")}}, "go_backwards": {{(backwards ? "true" : "false")}}}
            """);
        (Tensor x, Tensor one) = (LayerRun.Floats([1, 2, 4], 1, 3, 1), LayerRun.Floats([1], 1, 1));
        (Tensor y, _) = LayerRun.Masked(layer, [(x, Tensor.From([true, true, false], 1, 3))], one, one);
        LayerRun.Close(expected, y);
    }

    /// <remarks>The state is 10 and then the sum of the steps that count; until one does, the output is zeros or the state it began with.</remarks>
    [Theory]
    [InlineData("zeros", true, false, new double[] { 0, 12, 12, 0, 0, 0 })]
    [InlineData("state", true, false, new double[] { 10, 12, 12, 10, 10, 10 })]
    [InlineData("state", true, true, new double[] { 10, 12, 12, 10, 10, 10 })]
    [InlineData("zeros", false, false, new double[] { 12, 0 })]
    [InlineData("state", false, false, new double[] { 12, 10 })]
    [InlineData("state", false, true, new double[] { 12, 10 })]
    public void Ahead_of_the_first_step_that_counts_the_output_is_zeros_or_the_initial_state(string start, bool sequences, bool backwards, double[] expected)
    {
        Layer layer = LayerRun.Make("SimpleRNN", $$"""
            {"units": 1, "activation": "linear", "use_bias": false, "mask_with_initial_state": true, "masked_start": "{{start}}",
             "return_sequences": {{(sequences ? "true" : "false")}}, "go_backwards": {{(backwards ? "true" : "false")}}}
            """);
        var g = new GraphBuilder();
        Dim batch = Dim.Symbol("batch");
        Value x = g.Input("x", DType.Float32, new SymbolicShape(batch, 3, 1));
        Value mask = g.Input("mask", DType.Bool, new SymbolicShape(batch, 3));
        Value state = g.Input("state", DType.Float32, new SymbolicShape(batch, 1));
        var arguments = new CallArguments([new KerasTensor(x, mask)], new Dictionary<string, Structure> { ["initial_state"] = new KerasTensor(state) });
        Value y = layer.Invoke(g, arguments).Tensors().Single().Value;
        foreach (Weight weight in layer.Weights)
        {
            weight.Value = LayerRun.Floats([1], 1, 1);
        }

        Tensor steps = LayerRun.Floats([1, 2, 4, 1, 2, 4], 2, 3, 1), counts = Tensor.From([false, true, false, false, false, false], 2, 3);
        LayerRun.Close(expected, new CpuExecutable(g.Build([x, mask, state], [y])).Run([steps, counts, LayerRun.Floats([10, 10], 2, 1)])[0]);
    }
}
