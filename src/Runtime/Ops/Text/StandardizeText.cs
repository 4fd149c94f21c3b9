using System.Buffers;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>Lower case for the letters A to Z, and ASCII's punctuation taken out: what Keras's TextVectorization does before splitting.</summary>
/// <remarks>ASCII only: tf.strings.lower works on bytes, and other letters and marks stay as they are.</remarks>
/// <param name="Lower">Whether to lower the case.</param>
/// <param name="StripPunctuation">Whether to take out the 32 marks of ASCII.</param>
public sealed record StandardizeText(bool Lower, bool StripPunctuation) : Op
{
    private static readonly SearchValues<char> Punctuation = SearchValues.Create("!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'");

    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => [new TensorType(DType.String, inputs.Texts(0))];

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame =>
        {
            ReadOnlySpan<string> texts = frame.Texts(x);
            Span<string> results = frame.Texts(y);
            for (int i = 0; i < texts.Length; i++)
            {
                results[i] = Standardize(texts[i]);
            }
        };
    }

    private string Standardize(string text)
    {
        if (Lower)
        {
            text = string.Create(text.Length, text, static (to, from) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
                }
            });
        }

        return StripPunctuation && text.AsSpan().ContainsAny(Punctuation)
            ? string.Concat(text.Where(c => !Punctuation.Contains(c)))
            : text;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Lower case for A to Z, and ASCII's punctuation taken out.</summary>
    public Value StandardizeText(Value x, bool lower, bool stripPunctuation) => Apply(new StandardizeText(lower, stripPunctuation), x);
}
