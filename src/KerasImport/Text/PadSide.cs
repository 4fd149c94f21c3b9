namespace KerasCompat.Text;

/// <summary>The end of a sequence at which it is padded or cut.</summary>
public enum PadSide
{
    /// <summary>The beginning: Keras's <c>'pre'</c>, its default for both.</summary>
    Pre,

    /// <summary>The end: Keras's <c>'post'</c>.</summary>
    Post,
}
