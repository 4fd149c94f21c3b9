using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>How texts are cut into tokens.</summary>
public enum TextSplitMode
{
    /// <summary>Each row of the input holds tokens already.</summary>
    None,

    /// <summary>At runs of ASCII's white space; no token is empty.</summary>
    Whitespace,

    /// <summary>Each Unicode code point is a token.</summary>
    Character,
}

/// <summary>The tokens of texts: <c>(batch)</c> → <c>(batch, tokens)</c>, short rows filled with empty texts.</summary>
/// <param name="Mode">How a text is cut; with <see cref="TextSplitMode.None"/> the input is (batch, tokens).</param>
/// <param name="Ngrams">Widths of the runs of tokens that are joined by blanks: all of the first width, then the next; empty: none.</param>
/// <param name="Length">Tokens kept of each row; rows are as long.</param>
public sealed record SplitText(TextSplitMode Mode, EquatableList<int> Ngrams, int Length) : Op
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => [TextTokens.Type(inputs, Mode, Length)];

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        int rows = x.Shape[0];
        return frame =>
        {
            ReadOnlySpan<string> texts = frame.Texts(x);
            Span<string> tokens = frame.Texts(y);
            tokens.Fill(string.Empty);
            for (int row = 0; row < rows; row++)
            {
                List<string> own = TextTokens.Of(texts, row, rows, Mode, Ngrams);
                for (int i = 0; i < Math.Min(own.Count, Length); i++)
                {
                    tokens[(row * Length) + i] = own[i];
                }
            }
        };
    }
}

/// <summary>The tokens of texts: <c>(batch)</c> → <c>(batch, tokens)</c>, as many as the longest row has.</summary>
/// <param name="Mode">How a text is cut.</param>
/// <param name="Ngrams">Widths of the runs of tokens that are joined.</param>
public sealed record SplitTextToLongest(TextSplitMode Mode, EquatableList<int> Ngrams) : DynamicOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => [TextTokens.Type(inputs, Mode, inputs.FreshSymbol("tokens"))];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs)
    {
        Tensor<string> texts = inputs[0]!.As<string>();
        int rows = texts.Shape[0];
        List<string>[] tokens = [.. Enumerable.Range(0, rows).Select(row => TextTokens.Of(texts.Span, row, rows, Mode, Ngrams))];
        int longest = tokens.Length == 0 ? 0 : tokens.Max(t => t.Count);
        string[] padded = [.. tokens.SelectMany(t => t.Concat(Enumerable.Repeat(string.Empty, longest - t.Count)))];
        return [Tensor.From(padded, rows, longest)];
    }
}

/// <summary>Cuts texts into tokens.</summary>
internal static class TextTokens
{
    /// <summary>What tf.strings.split takes for white space: Python's <c>bytes.split</c>.</summary>
    private static readonly char[] Blanks = [' ', '\t', '\n', '\v', '\f', '\r'];

    public static TensorType Type(OpInference inputs, TextSplitMode mode, Dim width)
    {
        int rank = mode == TextSplitMode.None ? 2 : 1;
        return inputs.DType(0) == DType.String && inputs.Shape(0).Rank == rank
            ? new TensorType(DType.String, new SymbolicShape(inputs.Shape(0)[0], width))
            : throw inputs.Fail(inputs.Type(0).ToString(), $"text of rank {rank}");
    }

    public static List<string> Of(ReadOnlySpan<string> texts, int row, int rows, TextSplitMode mode, EquatableList<int> ngrams)
    {
        int width = texts.Length / Math.Max(rows, 1);
        List<string> tokens = mode switch
        {
            TextSplitMode.Whitespace => [.. texts[row].Split(Blanks, StringSplitOptions.RemoveEmptyEntries)],
            TextSplitMode.Character => [.. texts[row].EnumerateRunes().Select(r => r.ToString())],
            _ => [.. texts.Slice(row * width, width)],
        };
        if (ngrams.Count == 0)
        {
            return tokens;
        }

        var joined = new List<string>();
        foreach (int size in ngrams)
        {
            for (int i = 0; i + size <= tokens.Count; i++)
            {
                joined.Add(string.Join(' ', tokens.Skip(i).Take(size)));
            }
        }

        return joined;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The tokens of texts, rows filled with empty texts to a given length or to the longest row's.</summary>
    public Value SplitText(Value x, TextSplitMode mode, EquatableList<int> ngrams, int? length) => length is { } given
        ? Apply(new SplitText(mode, ngrams, given), x)
        : Apply(new SplitTextToLongest(mode, ngrams), x);
}
