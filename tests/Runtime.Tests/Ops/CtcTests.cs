namespace KerasCompat.Runtime.Tests.Ops;

public class CtcTests
{
    private const int Time = 4, Classes = 3, Blank = 0;

    [Fact]
    public void The_probabilities_of_all_label_sequences_sum_to_one()
    {
        int[][] all = [.. Enumerable.Range(0, Time + 1).SelectMany(Sequences)];
        double sum = all.Sum(labels => Math.Exp(-Loss(labels)));
        Assert.Equal(1, sum, 1e-9);
    }

    [Fact]
    public void A_wide_beam_finds_the_likeliest_sequence_and_its_probability()
    {
        int[] best = Enumerable.Range(0, Time + 1).SelectMany(Sequences).MinBy(Loss)!;
        (Tensor labels, Tensor scores) = Decode(new CTCBeamSearchDecoder(Blank, 1000, 2));
        Assert.Equal(best, labels.As<int>().ToArray()[..Time].Where(l => l >= 0));
        Assert.Equal(-Loss(best), scores.As<double>()[0, 0], 1e-9);
        Assert.True(scores.As<double>()[0, 0] >= scores.As<double>()[0, 1]);
    }

    [Theory]
    [InlineData(true, new[] { 1, 2, -1, -1 })]
    [InlineData(false, new[] { 1, 1, 2, -1 })]
    public void The_greedy_decoder_takes_the_best_class_of_each_step(bool merges, int[] expected)
    {
        var builder = new GraphBuilder();
        Value logits = builder.Constant(Tensor.From([0.0, 3, 1, 0, 2, 1, 5, 0, 0, 1, 0, 4], 1, Time, Classes));
        (Value labels, Value scores) = builder.CTCDecode(new CTCGreedyDecoder(Blank, merges), logits, builder.Constant(Tensor.From([Time], 1)));
        Assert.Equal(expected, labels.Constant!.As<int>().ToArray());
        Assert.Equal(-14, scores.Constant!.As<double>()[0, 0]);
    }

    private static IEnumerable<int[]> Sequences(int length) => length == 0
        ? [[]]
        : Sequences(length - 1).SelectMany(s => Enumerable.Range(0, Classes).Where(c => c != Blank).Select(c => (int[])[.. s, c]));

    private static double Loss(int[] labels)
    {
        var g = new GraphBuilder();
        int[] padded = [.. labels, .. new int[Time - labels.Length]];
        Value loss = g.CTCLoss(g.Constant(Tensor.From(padded, 1, Time)), g.Constant(Logits()), g.Constant(Tensor.From([labels.Length], 1)), g.Constant(Tensor.From([Time], 1)), Blank);
        return loss.Constant!.As<double>()[0];
    }

    private static (Tensor Labels, Tensor Scores) Decode(CTCDecoder decoder)
    {
        var g = new GraphBuilder();
        (Value labels, Value scores) = g.CTCDecode(decoder, g.Constant(Logits()), g.Constant(Tensor.From([Time], 1)));
        return (labels.Constant!, scores.Constant!);
    }

    private static Tensor Logits()
    {
        var random = new Random(4);
        return Tensor.From(Enumerable.Range(0, Time * Classes).Select(_ => (random.NextDouble() * 4) - 2).ToArray(), 1, Time, Classes);
    }
}
