using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>Connectionist temporal classification: labels for sequences whose steps are not aligned with them.</summary>
internal static class CtcOperations
{
    public static Value Loss(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value logits = ToFloating(g, c.Tensor(1, "output"));
        logits = g.Cast(logits, TypePromotion.Result(logits.DType, DType.Float32));
        return g.CTCLoss(Int32(c, 0, "target"), logits, Int32(c, 2, "target_length"), Int32(c, 3, "output_length"), c.Int("mask_index", 0));
    }

    public static Structure Decode(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value logits = ToFloating(g, c.Tensor(0, "inputs"));
        logits = g.Cast(logits, TypePromotion.Result(logits.DType, DType.Float32));
        int blank = c.Int("mask_index", logits.Shape[-1].ValueOrNull - 1 ?? 0);
        blank = blank < 0 ? blank + logits.Shape[-1].Value : blank;
        string strategy = c.Text("strategy", "greedy");
        bool merges = c.Flag("merge_repeated", true);
        int width = c.Int("beam_width", 100), paths = c.Int("top_paths", 1);
        CTCDecoder decoder = strategy switch
        {
            "greedy" => new CTCGreedyDecoder(blank, merges),
            "beam_search" => new CTCBeamSearchDecoder(blank, width, paths),
            _ => throw c.Config.Wrong("strategy", strategy, "greedy or beam_search"),
        };
        (Value labels, Value scores) = g.CTCDecode(decoder, logits, Int32(c, 1, "sequence_lengths"));
        return Several([labels, scores]);
    }

    private static Value Int32(OperationCall c, int position, string name) => c.Graph.Cast(c.Tensor(position, name), DType.Int32);
}
