/** How somebody stands to what they comment. */
export type CommentAuthorRole = 'HOST' | 'MODERATOR' | 'CREATOR' | 'SELLER' | 'VIEWER';
